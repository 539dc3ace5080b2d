import i18next from "i18next";

/** The console's language as the person's own country writes it: "en-GB" for "en". */
function locale(): string {
  const language = i18next.language || "en";
  return navigator.languages.find((tag) => tag.startsWith(language)) ?? language;
}

export function number(value: number, digits = 0): string {
  return new Intl.NumberFormat(locale(), { maximumFractionDigits: digits }).format(value);
}

export function percent(fraction: number): string {
  return new Intl.NumberFormat(locale(), { style: "percent", maximumFractionDigits: 0 }).format(
    fraction,
  );
}

const units = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;

/** Decimal units, as file managers show them: 1 kB is 1,000 bytes. */
export function fileSize(bytes: number): string {
  const step = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1);
  const value = bytes / 1000 ** step;
  return new Intl.NumberFormat(locale(), {
    style: "unit",
    unit: units[step],
    unitDisplay: step === 0 ? "long" : "short",
    maximumFractionDigits: step > 0 && value < 10 ? 1 : 0,
  }).format(value);
}

/** Memory, which the API counts in units of 2^20 bytes: "420 MB", "7.8 GB". */
export function megabytes(value: number): string {
  return fileSize(value * 2 ** 20);
}

export function duration(milliseconds: number): string {
  if (milliseconds < 995) {
    const value = number(Math.round(milliseconds));
    return i18next.t("unit.milliseconds", { value });
  }
  const value = number(milliseconds / 1000, milliseconds < 9_950 ? 1 : 0);
  return i18next.t("unit.seconds", { value });
}

export function moment(time: string): string {
  return new Intl.DateTimeFormat(locale(), { dateStyle: "medium", timeStyle: "short" }).format(
    new Date(time),
  );
}

export function day(time: string): string {
  return new Intl.DateTimeFormat(locale(), { dateStyle: "medium" }).format(new Date(time));
}

const steps = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
] as const;

/** "3 minutes ago", "in 2 days". */
export function relative(time: string, now: number = Date.now()): string {
  const seconds = (new Date(time).getTime() - now) / 1000;
  const words = new Intl.RelativeTimeFormat(locale(), { numeric: "auto" });
  for (const [unit, length] of steps) {
    if (Math.abs(seconds) >= length) return words.format(Math.trunc(seconds / length), unit);
  }
  return i18next.t("unit.justNow");
}
