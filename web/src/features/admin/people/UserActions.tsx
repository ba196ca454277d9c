import { App, Button, Tooltip } from "antd";
import { ArrowRightLeft, CalendarOff, Eye, Fingerprint, KeyRound } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { problemText } from "@/api/problem-text";
import { useUser } from "@/api/session";
import { beginView } from "@/features/viewing";
import type { User } from "../model/api";

interface Props {
  user: User;
  onReset: () => void;
  onHandOver: () => void;
  onAbsence: () => void;
  onSignIn: () => void;
}

/** What can be done with one user beside changing and deleting. */
export function UserActions({ user, onReset, onHandOver, onAbsence, onSignIn }: Props) {
  const { t } = useTranslation("people");
  const { t: ta } = useTranslation("admin");
  const { message } = App.useApp();
  const me = useUser();
  const { name } = user;
  const button = (icon: ReactNode, label: string, act: () => void) => (
    <Tooltip title={label}>
      <Button type="text" size="small" icon={icon} aria-label={label} onClick={act} />
    </Tooltip>
  );
  const view = () =>
    void beginView({ user: user.id }).catch((error: unknown) => message.error(problemText(error)));
  return (
    <>
      {user.id !== me?.id && user.is_active && button(<Eye size={16} />, t("viewAs", { name }), view)}
      {button(<CalendarOff size={16} />, t("absence.open", { name }), onAbsence)}
      {button(<ArrowRightLeft size={16} />, t("handOver.open", { name }), onHandOver)}
      {button(<Fingerprint size={16} />, t("signIn", { name }), onSignIn)}
      {button(<KeyRound size={16} />, ta("password.resetNamed", { name }), onReset)}
    </>
  );
}
