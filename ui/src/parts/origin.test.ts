import { expect, test } from "vitest";
import { readOrigin } from "./origin";

test.each([
  ["https://intranet.example.org", "https://intranet.example.org"],
  ["  HTTPS://Intranet.Example.ORG/ ", "https://intranet.example.org"],
  ["https://shop.example:443", "https://shop.example"],
  ["http://10.0.0.5:8080", "http://10.0.0.5:8080"],
  ["http://shop.example:80", "http://shop.example"],
  ["https://*.example.org", "https://*.example.org"],
  ["http://*.lan", "http://*.lan"],
  ["http://[::1]:3000", "http://[::1]:3000"],
  ["https://münchen.example", "https://xn--mnchen-3ya.example"],
  ["https://intranet.example/handbook/page.html?x=1", "https://intranet.example"],
])("%s is the site %s", (typed, origin) => {
  expect(readOrigin(typed)).toEqual({ origin });
});

test.each([
  ["intranet.example.org", "originScheme"],
  ["ftp://files.example", "origin"],
  ["https://", "origin"],
  ["https://a b.example", "origin"],
  ["https://user@example.org", "origin"],
  ["https://*.com", "originWide"],
  ["*", "originScheme"],
])("%s cannot be a site: %s", (typed, trouble) => {
  expect(readOrigin(typed)).toEqual({ trouble });
});
