// Runs through the slices. Slower where the system asks for little motion.

const FRAMES_A_SECOND = 12;
const FRAMES_A_SECOND_REDUCED = 4;

export class Player {
  constructor(advance) {
    this.advance = advance;
    this.timer = null;
  }

  get playing() {
    return this.timer !== null;
  }

  start() {
    if (this.playing) return;
    const reduced = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    const rate = reduced ? FRAMES_A_SECOND_REDUCED : FRAMES_A_SECOND;
    this.timer = setInterval(this.advance, 1000 / rate);
  }

  stop() {
    clearInterval(this.timer);
    this.timer = null;
  }
}
