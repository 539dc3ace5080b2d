import {
  Anchor,
  Badge,
  Button,
  type CSSVariablesResolver,
  createTheme,
  Drawer,
  Input,
  Menu,
  Modal,
  Select,
  Tabs,
  Tooltip,
} from "@mantine/core";
import { palettes } from "./palettes";

const mono = 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace';

const title = { fontSize: "1.0625rem", fontWeight: 600, overflowWrap: "anywhere" } as const;

export const theme = createTheme({
  primaryColor: "brand",
  primaryShade: 7,
  autoContrast: true,
  defaultRadius: "md",
  cursorType: "pointer",
  fontFamily:
    'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", Ubuntu, Cantarell, sans-serif',
  fontFamilyMonospace: mono,
  fontSizes: { xs: "0.75rem", sm: "0.875rem", md: "0.9375rem", lg: "1.0625rem", xl: "1.25rem" },
  lineHeights: { xs: "1.4", sm: "1.5", md: "1.55", lg: "1.55", xl: "1.6" },
  radius: { xs: "3px", sm: "5px", md: "8px", lg: "12px", xl: "20px" },
  headings: {
    fontWeight: "600",
    sizes: {
      h1: { fontSize: "1.375rem", lineHeight: "1.3" },
      h2: { fontSize: "1.0625rem", lineHeight: "1.4" },
      h3: { fontSize: "0.9375rem", lineHeight: "1.45" },
    },
  },
  colors: palettes,
  components: {
    Anchor: Anchor.extend({ defaultProps: { underline: "always" } }),
    Badge: Badge.extend({ defaultProps: { variant: "light", radius: "sm", tt: "none", fw: 500 } }),
    Button: Button.extend({ defaultProps: { fw: 500 } }),
    Select: Select.extend({ defaultProps: { allowDeselect: false, checkIconPosition: "right" } }),
    Modal: Modal.extend({
      defaultProps: { centered: true, radius: "lg", padding: "lg" },
      styles: { title },
    }),
    Drawer: Drawer.extend({
      defaultProps: { position: "right", padding: "lg" },
      styles: { title },
    }),
    DrawerRoot: Drawer.Root.extend({ defaultProps: { position: "right" } }),
    InputWrapper: Input.Wrapper.extend({ styles: { label: { marginBottom: 4 } } }),
    Menu: Menu.extend({
      defaultProps: {
        shadow: "md",
        position: "bottom-end",
        radius: "md",
        // It is an element that a menu may not have; without it the first item gets the focus.
        withInitialFocusPlaceholder: false,
      },
    }),
    Tabs: Tabs.extend({
      styles: {
        list: { "--tabs-list-border-size": "0 0 1px 0", "--tab-border-color": "var(--line)" },
      },
    }),
    Tooltip: Tooltip.extend({ defaultProps: { openDelay: 250, withArrow: true, fz: "xs" } }),
  },
});

/** Greys and reds that stay readable (4.5:1) as text on every surface of ours. */
export const variables: CSSVariablesResolver = () => ({
  variables: {
    "--mantine-primary-color-contrast": "#ffffff",
  },
  light: {
    "--mantine-color-text": "#1c1d21",
    "--mantine-color-dimmed": "#5e616b",
    "--mantine-color-placeholder": "#6f727c",
    "--mantine-color-error": "#b42318",
    "--mantine-color-default-border": "#d6d8dd",
    "--surface": "#ffffff",
    "--surface-sunk": "#f6f6f7",
    "--surface-raised": "#ffffff",
    "--line": "#e4e5e9",
    "--highlight": "#fdf0b4",
    "--danger-surface": "#fef3f2",
    "--danger-line": "#fbd5d1",
    "--warn-surface": "#fffaeb",
    "--warn-line": "#f7e3ad",
    "--warn-ink": "#7a4b06",
    "--ok-ink": "#0b6b47",
    "--brand-surface": "#effaf7",
    "--brand-ink": "#0c5f59",
  },
  dark: {
    "--mantine-color-text": "#e6e7ea",
    "--mantine-color-body": "#16171b",
    "--mantine-color-dimmed": "#a0a3ad",
    "--mantine-color-placeholder": "#8a8d98",
    "--mantine-color-error": "#f9877f",
    "--mantine-color-default": "#1f2126",
    "--mantine-color-default-hover": "#272930",
    "--mantine-color-default-border": "#383b44",
    "--surface": "#16171b",
    "--surface-sunk": "#111216",
    "--surface-raised": "#1c1d22",
    "--line": "#2b2d35",
    "--highlight": "#5c4d12",
    "--danger-surface": "#2b1a1a",
    "--danger-line": "#56302e",
    "--warn-surface": "#282113",
    "--warn-line": "#4d3f1d",
    "--warn-ink": "#f0ca7c",
    "--ok-ink": "#5fd0a0",
    "--brand-surface": "#12241f",
    "--brand-ink": "#5fd3c3",
  },
});
