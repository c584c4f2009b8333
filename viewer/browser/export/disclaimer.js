// What the app says under every page. A full screen and a saved picture are seen without one.

export const DISCLAIMER = "Not a medical device. For research and teaching, never for diagnosis.";
