/**
 * The one-time code that the appliance's own window brings along, in the address's
 * fragment, which no server is sent: `/#code=K7QM-3XWP-9DHT-W2RB`.
 */
export function codeBrought(fragment: string): string {
  return new URLSearchParams(fragment.replace(/^#/, "")).get("code") ?? "";
}
