/**
 * In which life each member was heard last. A node that started again speaks in a higher incarnation;
 * what its former life still says is void, and so is a directory that was set back.
 */
export class Incarnations {
  private readonly highest: Map<number, number> = new Map();

  /** What is wrong with it, or undefined. */
  staleText(node: number, incarnation: number): string | undefined {
    const highest = this.highest.get(node) ?? 0;
    if (incarnation >= highest) return undefined;
    return `node ${node} was heard in incarnation ${highest}, this is ${incarnation}; remove the member and add it again if its directory is new`;
  }

  take(node: number, incarnation: number): void {
    this.highest.set(node, incarnation);
  }

  /** Whoever joins again under the same number begins with its first life. */
  forgetUnless(isKept: (node: number) => boolean): void {
    for (const node of this.highest.keys()) if (!isKept(node)) this.highest.delete(node);
  }
}
