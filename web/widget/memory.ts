// What the browser remembers for one widget key. Where storage is forbidden it is remembered until the page is left.

export class Memory {
  private readonly prefix: string;
  private readonly held = new Map<string, string>();

  constructor(key: string) {
    this.prefix = `switchboard.${key}.`;
  }

  get<T>(name: string): T | null {
    const text = this.held.get(name) ?? this.ask((storage) => storage.getItem(this.prefix + name));
    try {
      return text ? (JSON.parse(text) as T) : null;
    } catch {
      return null;
    }
  }

  set(name: string, value: unknown): void {
    const text = JSON.stringify(value);
    const isKept = this.ask((storage) => (storage.setItem(this.prefix + name, text), true));
    if (!isKept) this.held.set(name, text);
  }

  remove(name: string): void {
    this.held.delete(name);
    this.ask((storage) => storage.removeItem(this.prefix + name));
  }

  /** All names that begin so. */
  names(start: string): string[] {
    const stored = this.ask((storage) => Object.keys(storage)) ?? [];
    const ours = stored.filter((name) => name.startsWith(this.prefix)).map((name) => name.slice(this.prefix.length));
    return [...new Set([...ours, ...this.held.keys()])].filter((name) => name.startsWith(start));
  }

  clear(): void {
    for (const name of this.names("")) this.remove(name);
  }

  private ask<T>(question: (storage: Storage) => T): T | null {
    try {
      return question(localStorage);
    } catch {
      return null;
    }
  }
}
