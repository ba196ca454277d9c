import { Button, Tooltip } from "antd";
import { PictureInPicture2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { isMiniWindowPossible, openMiniWindow, useMiniWindow } from "./window";

/** Opens the mini window: state and call stay in sight above the company's other programs. */
export function MiniWindowButton() {
  const { t } = useTranslation("softphone");
  const opened = useMiniWindow((state) => state.opened);
  if (!isMiniWindowPossible()) return null;
  return (
    <Tooltip title={t("mini.hint")}>
      <Button
        type="text"
        shape="circle"
        icon={<PictureInPicture2 size={18} />}
        aria-label={t("mini.open")}
        aria-pressed={opened !== null}
        onClick={() => (opened ? opened.close() : void openMiniWindow(t("mini.title")))}
      />
    </Tooltip>
  );
}
