import i18next from "i18next";
import type { Place } from "../api/types";

/** Where in a document something stands: "page 3 · Opening hours". */
export function placeInWords(place: Place): string {
  const parts = [
    place.page === null ? null : i18next.t("place.page", { page: place.page }),
    place.sheet && i18next.t("place.sheet", { sheet: place.sheet }),
    place.cells && i18next.t("place.cells", { cells: place.cells }),
    place.heading,
  ];
  return parts.filter(Boolean).join(" · ");
}
