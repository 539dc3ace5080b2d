import { createHash } from "node:crypto";
import type { Plugin } from "vite";

/**
 * Sets light or dark before the first paint, so that a dark console never
 * flashes white. A file of its own, because the pages allow no inline script.
 */
const script = `(function(){var s="auto";try{s=localStorage.getItem("inhouse-color-scheme")||s}catch(e){}
var d=s==="dark"||(s!=="light"&&matchMedia("(prefers-color-scheme: dark)").matches);
document.documentElement.setAttribute("data-mantine-color-scheme",d?"dark":"light")})();
`;

export function earlyScheme(): Plugin {
  const digest = createHash("sha256").update(script).digest("hex").slice(0, 8);
  const fileName = `assets/scheme-${digest}.js`;
  return {
    name: "early-scheme",
    generateBundle() {
      this.emitFile({ type: "asset", fileName, source: script });
    },
    configureServer(server) {
      server.middlewares.use(`/${fileName}`, (_request, response) => {
        response.setHeader("Content-Type", "text/javascript; charset=utf-8");
        response.end(script);
      });
    },
    transformIndexHtml() {
      return [{ tag: "script", attrs: { src: `/${fileName}` }, injectTo: "head-prepend" }];
    },
  };
}
