import { createBrowserRouter, Navigate } from "react-router";
import { Entrance } from "./door/Entrance";
import { Crash } from "./shell/Crash";
import { NotFound } from "./shell/NotFound";

/** Every screen of the console, and where it stands. */
export function newRouter() {
  return createBrowserRouter([
    {
      path: "/",
      element: <Entrance />,
      errorElement: <Crash />,
      hydrateFallbackElement: <div />,
      children: [
        {
          errorElement: <Crash />,
          children: [
            { index: true, element: <Navigate to="/assistants" replace /> },
            { path: "assistants", lazy: () => import("./assistants/list/AssistantsPage") },
            {
              path: "assistants/:assistantId",
              element: <Navigate to="behaviour" replace relative="path" />,
            },
            {
              path: "assistants/:assistantId/:tab",
              lazy: () => import("./assistants/editor/EditorPage"),
            },
            { path: "knowledge", lazy: () => import("./knowledge/KnowledgePage") },
            { path: "keys", lazy: () => import("./keys/KeysPage") },
            { path: "models", lazy: () => import("./models/ModelsPage") },
            { path: "providers", lazy: () => import("./providers/ProvidersPage") },
            { path: "*", element: <NotFound /> },
          ],
        },
      ],
    },
  ]);
}
