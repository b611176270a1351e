import { type Authority, makeAuthority } from "./authority";

/** An authority that is made when somebody first asks for it: a run without TLS has none. */
export class LateAuthority {
  #making: Promise<Authority> | undefined;
  #made: Authority | undefined;
  #closed = false;

  /** `undefined`: nobody has asked for it. */
  get made(): Authority | undefined {
    return this.#made;
  }

  get(): Promise<Authority> {
    this.#making ??= makeAuthority().then((authority) => {
      this.#made = authority;
      if (this.#closed) {
        authority.close();
      }
      return authority;
    });
    return this.#making;
  }

  close(): void {
    this.#closed = true;
    this.#made?.close();
  }
}
