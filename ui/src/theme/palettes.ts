import type { MantineColorsTuple } from "@mantine/core";

const brand: MantineColorsTuple = [
  "#effaf7",
  "#d3f1ea",
  "#a7e3d7",
  "#73cfc0",
  "#43b5a5",
  "#23998b",
  "#167c72",
  "#0f6b63",
  "#0d5751",
  "#0b4743",
];

const dark: MantineColorsTuple = [
  "#e6e7ea",
  "#c3c5cc",
  "#a0a3ad",
  "#6c6f7a",
  "#383b44",
  "#2b2d35",
  "#1f2126",
  "#16171b",
  "#111216",
  "#0b0c0f",
];

const gray: MantineColorsTuple = [
  "#f6f6f7",
  "#eeeff1",
  "#e4e5e9",
  "#d6d8dd",
  "#bcbfc7",
  "#9a9da7",
  "#70737e",
  "#5e616b",
  "#3a3c44",
  "#1c1d21",
];

export const palettes = { brand, dark, gray };
