import { Badge, Group, Radio, Text } from "@mantine/core";
import classes from "./Choice.module.css";

interface Props {
  value: string;
  name: string;
  text: string;
  remark?: string;
}

/** One of several ways, with a sentence about what it means. Stands in a Radio.Group. */
export function Choice({ value, name, text, remark }: Props) {
  return (
    <Radio.Card value={value} className={classes.card} aria-label={`${name}. ${text}`}>
      <Radio.Indicator className={classes.dot} />
      <div>
        <Group gap={8}>
          <Text size="sm" fw={600}>
            {name}
          </Text>
          {remark && (
            <Badge size="sm" color="brand">
              {remark}
            </Badge>
          )}
        </Group>
        <Text size="sm" c="dimmed">
          {text}
        </Text>
      </div>
    </Radio.Card>
  );
}
