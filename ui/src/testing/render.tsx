import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { ReactElement } from "react";
import { MemoryRouter } from "react-router";
import { newQueryClient } from "../api/query";
import { theme } from "../theme/theme";

/** A piece of the console with everything around it that it needs, and somebody to use it. */
export function show(piece: ReactElement, address = "/") {
  const user = userEvent.setup();
  const shown = render(
    <MantineProvider theme={theme} env="test">
      <QueryClientProvider client={newQueryClient()}>
        <MemoryRouter initialEntries={[address]}>{piece}</MemoryRouter>
      </QueryClientProvider>
    </MantineProvider>,
  );
  return { user, ...shown };
}

/** Puts text into a field at once; key by key takes a second on a small machine. */
export function fill(label: string, text: string): void {
  fireEvent.change(screen.getByLabelText(label), { target: { value: text } });
}
