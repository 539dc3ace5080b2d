import { createContext, type ReactNode, useContext } from "react";
import { createPortal } from "react-dom";

const SlotContext = createContext<HTMLElement | null>(null);
export const HeaderSlotProvider = SlotContext.Provider;

/** Shows its children in the bar at the top of the console. */
export function InHeader({ children }: { children: ReactNode }) {
  const slot = useContext(SlotContext);
  return slot && createPortal(children, slot);
}
