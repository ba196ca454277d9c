import { Button, Input, Space } from "antd";
import { Mic } from "lucide-react";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import styles from "./TrialPanel.module.css";

interface Props {
  isDisabled: boolean;
  onSay: (words: string) => void;
}

/** What the caller says where the flow listens, typed. */
export function SayField({ isDisabled, onSay }: Props) {
  const { t } = useTranslation("trial-call");
  const hint = useId();
  const [words, setWords] = useState("");
  // a script parts its words by blanks and knows a remark by its sign: neither is what a caller says
  const said = words.replaceAll(/[#"\s]+/g, " ").trim();
  const say = () => {
    if (said === "" || isDisabled) return;
    onSay(said);
    setWords("");
  };
  return (
    <div>
      <Space.Compact block>
        <Input
          value={words}
          maxLength={100}
          placeholder={t("say.words")}
          aria-label={t("say.words")}
          aria-describedby={hint}
          onChange={(event) => setWords(event.target.value)}
          onPressEnter={(event) => {
            if (!event.nativeEvent.isComposing) say();
          }}
        />
        <Button icon={<Mic size={16} />} disabled={said === "" || isDisabled} onClick={say}>
          {t("say.button")}
        </Button>
      </Space.Compact>
      <p id={hint} className={styles.hint}>
        {t("say.hint")}
      </p>
    </div>
  );
}
