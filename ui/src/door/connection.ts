/** Whether the name means the very machine the browser runs on. */
export function isLoopback(hostname: string): boolean {
  return (
    hostname === "localhost" ||
    hostname.endsWith(".localhost") ||
    hostname === "[::1]" ||
    /^127(\.\d{1,3}){3}$/.test(hostname)
  );
}

/** Whether what is typed here can be read by nobody on the network. */
export function isProtected({ protocol, hostname }: { protocol: string; hostname: string }) {
  return protocol === "https:" || isLoopback(hostname);
}
