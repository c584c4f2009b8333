// A file that cannot be used, in one sentence for the person who chose it.

export class Refused extends Error {}

export const ON_THE_SERVER = "choose “On the server”, which reads it.";
export const COULD_NOT_RUN =
  "This browser could not run the small model; choose “On the server”.";
