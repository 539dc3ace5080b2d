import { type KeyboardEvent, useState } from "react";

/** Knows about Caps Lock while somebody types in the field that gets `listeners`. */
export function useCapsLock() {
  const [on, setOn] = useState(false);
  const look = (event: KeyboardEvent) => setOn(event.getModifierState("CapsLock"));
  return { on, listeners: { onKeyDown: look, onKeyUp: look, onBlur: () => setOn(false) } };
}
