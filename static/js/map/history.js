// The last moments, each with the picture after it, for the slider that goes back. Pure.

const MOST = 50;

export class History {
  entries = []; // {moment, picture}, the oldest first
  picture = null;

  /** What the server tells: see playground/map/board.py. */
  take({ picture, moments, gone }) {
    if (!picture) this.entries = []; // of a seat that is no more
    this.picture = picture;
    this.entries = this.entries.filter(({ moment }) => !gone.includes(moment.number));
    for (const moment of moments) {
      const known = this.entries.find((entry) => entry.moment.number === moment.number);
      if (known) Object.assign(known, { moment, picture });
      else this.entries.push({ moment, picture });
    }
    this.entries = this.entries.slice(-MOST);
    if (this.entries.length) this.entries.at(-1).picture = picture;
  }

  get last() {
    return this.entries.at(-1);
  }
}
