// What a person can do with the slices: go through them, and play.

import { clamp } from "../../controls/dom.js";

export class SliceActions {
  // `view` gives: choices, data, scene(), changed(), player, largestPicture(), help,
  // savePicture() and toggleFullscreen().
  constructor(view) {
    this.view = view;
  }

  choose(changes) {
    Object.assign(this.view.choices, changes);
    this.view.changed();
    return true;
  }

  sliceCount() {
    return this.view.scene().count;
  }

  chooseSlice(index) {
    const { slices, plane, count } = this.view.scene();
    return this.choose({ slices: { ...slices, [plane.name]: clamp(index, 0, count - 1) } });
  }

  goTo(index) {
    this.view.player.stop();
    return this.chooseSlice(index);
  }

  step(steps) {
    return this.goTo(this.view.scene().index + steps);
  }

  goToLargest() {
    const { areas } = this.view.scene();
    const most = areas?.reduce((a, b) => Math.max(a, b), 0);
    return most ? this.goTo(areas.indexOf(most)) : false;
  }

  togglePlay() {
    const { player } = this.view;
    if (player.playing) player.stop();
    else player.start();
    return this.choose({});
  }
}
