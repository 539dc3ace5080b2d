/** The widget's version, written in at build time. */
declare const __VERSION__: string;

interface Window {
  /** The test environment's own handle; absent in a browser. */
  happyDOM?: { setURL(url: string): void };
}
