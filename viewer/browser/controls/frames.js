// When a view draws: once a frame, however much has changed, and anew when its size does.

export class Frames {
  constructor(root, draw) {
    this.draw = draw;
    this.resizes = new ResizeObserver(() => this.schedule());
    this.resizes.observe(root);
  }

  schedule() {
    if (this.scheduled) return;
    this.scheduled = true;
    requestAnimationFrame(() => {
      this.scheduled = false;
      if (!this.closed) this.draw();
    });
  }

  close() {
    this.closed = true;
    this.resizes.disconnect();
  }
}
