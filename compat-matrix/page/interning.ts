/** Each distinct value once, known by its place: ten thousand cells share a few hundred texts. */
export class Interning<T> {
  readonly items: T[] = [];
  readonly #places = new Map<string, number>();

  /** `key` decides what counts as the same. */
  place(key: string, make: () => T): number {
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    this.items.push(make());
    this.#places.set(key, this.items.length - 1);
    return this.items.length - 1;
  }
}
