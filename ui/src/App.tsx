import { localStorageColorSchemeManager, MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClientProvider } from "@tanstack/react-query";
import { useState } from "react";
import { RouterProvider } from "react-router";
import { newQueryClient } from "./api/query";
import { newRouter } from "./routes";
import { styleNonce } from "./theme/nonce";
import { theme, variables } from "./theme/theme";

const schemes = localStorageColorSchemeManager({ key: "inhouse-color-scheme" });

export function App() {
  const [queries] = useState(newQueryClient);
  const [router] = useState(newRouter);
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={variables}
      colorSchemeManager={schemes}
      defaultColorScheme="auto"
      getStyleNonce={styleNonce}
    >
      <Notifications position="bottom-center" limit={4} />
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  );
}
