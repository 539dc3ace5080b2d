import { Fragment } from "react";
import { useTranslation } from "react-i18next";
import type { Citation } from "../../api/types";
import classes from "./AnswerText.module.css";
import { type Block, type Inline, parseBlocks } from "./markdown";

interface Props {
  text: string;
  sources: Citation[];
  onOpen: (source: Citation) => void;
}

/** An answer, with its citations as buttons. */
export function AnswerText({ text, sources, onOpen }: Props) {
  const inline = (nodes: Inline[]) => <Line nodes={nodes} sources={sources} onOpen={onOpen} />;
  return (
    <div className={classes.text} dir="auto">
      {parseBlocks(text).map((block, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: blocks are only ever added at the end
        <Fragment key={index}>{paint(block, inline)}</Fragment>
      ))}
    </div>
  );
}

function paint(block: Block, inline: (nodes: Inline[]) => React.ReactNode): React.ReactNode {
  switch (block.type) {
    case "code":
      return <pre>{block.text}</pre>;
    case "heading":
      return <p className={classes.heading}>{inline(block.children)}</p>;
    case "quote":
      return <blockquote>{inline(block.children)}</blockquote>;
    case "paragraph":
      return <p>{inline(block.children)}</p>;
    case "list": {
      const items = block.items.map((item, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: items are only ever added at the end
        <li key={index}>{inline(item)}</li>
      ));
      return block.ordered ? <ol start={block.start}>{items}</ol> : <ul>{items}</ul>;
    }
    case "table":
      return <Grid head={block.head} rows={block.rows} inline={inline} />;
  }
}

interface GridProps {
  head: Inline[][];
  rows: Inline[][][];
  inline: (nodes: Inline[]) => React.ReactNode;
}

/* biome-ignore-start lint/suspicious/noArrayIndexKey: a table has no other key than its places */
function Grid({ head, rows, inline }: GridProps) {
  return (
    <table>
      <thead>
        <tr>
          {head.map((cell, column) => (
            <th key={column}>{inline(cell)}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          <tr key={index}>
            {row.map((cell, column) => (
              <td key={column}>{inline(cell)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
/* biome-ignore-end lint/suspicious/noArrayIndexKey: see above */

interface LineProps extends Omit<Props, "text"> {
  nodes: Inline[];
}

function Line({ nodes, sources, onOpen }: LineProps) {
  return nodes.map((node, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: pieces are only ever added at the end
    <Piece key={index} node={node} sources={sources} onOpen={onOpen} />
  ));
}

function Piece({ node, sources, onOpen }: { node: Inline } & Omit<Props, "text">) {
  const { t } = useTranslation("playground");
  switch (node.type) {
    case "text":
      return node.text;
    case "code":
      return <code>{node.text}</code>;
    case "strong":
      return (
        <strong>
          <Line nodes={node.children} sources={sources} onOpen={onOpen} />
        </strong>
      );
    case "em":
      return (
        <em>
          <Line nodes={node.children} sources={sources} onOpen={onOpen} />
        </em>
      );
    case "link":
      return (
        <a href={node.href} target="_blank" rel="noopener noreferrer nofollow">
          {node.text}
        </a>
      );
    case "doubt":
      return <span className={classes.doubt}>{t("doubt")}</span>;
    case "cite":
      return <Cite number={node.number} sources={sources} onOpen={onOpen} />;
  }
}

function Cite({ number, sources, onOpen }: { number: number } & Omit<Props, "text">) {
  const { t } = useTranslation("playground");
  const source = sources.find((one) => one.number === number);
  if (!source) return <span className={classes.cite}>{number}</span>;
  return (
    <button
      type="button"
      className={classes.cite}
      onClick={() => onOpen(source)}
      aria-label={t("openSource", { number, name: source.document_name })}
    >
      {number}
    </button>
  );
}
