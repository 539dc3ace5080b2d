import { Box } from "@mantine/core";
import classes from "./CodeBlock.module.css";
import { CopyButton } from "./CopyButton";

interface Props {
  code: string;
  label: string; // what it is, for those who cannot see it
  copyLabel?: string;
}

/** Text to be pasted elsewhere, with a button that copies it. */
export function CodeBlock({ code, label, copyLabel }: Props) {
  return (
    <Box className={classes.frame}>
      <Box component="pre" className={classes.code} tabIndex={0} role="group" aria-label={label}>
        {code}
      </Box>
      <Box className={classes.corner}>
        <CopyButton value={code} label={copyLabel} />
      </Box>
    </Box>
  );
}
