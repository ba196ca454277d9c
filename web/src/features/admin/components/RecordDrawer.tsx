import type { FormInstance } from "antd";
import { App } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { FormDrawer } from "@/ui/FormDrawer";
import { useSettingsChanged } from "../model/queries";

interface Props<Values extends object> {
  title: string;
  initial: Partial<Values>;
  save: (values: Values) => Promise<unknown>;
  onClose: () => void;
  width?: number;
  children: ReactNode | ((form: FormInstance<Values>) => ReactNode);
}

/** The drawer of a settings list: saves, says so, makes the lists fresh, and closes. */
export function RecordDrawer<Values extends object>(props: Props<Values>) {
  const { title, initial, save, onClose, width, children } = props;
  const { t } = useTranslation("admin");
  const { message } = App.useApp();
  const changed = useSettingsChanged();
  return (
    <FormDrawer<Values>
      title={title}
      isOpen
      initial={initial}
      onClose={onClose}
      {...(width !== undefined && { width })}
      onSubmit={async (values) => {
        await save(values);
        message.success(t("list.saved"));
        await changed();
        onClose();
      }}
    >
      {children}
    </FormDrawer>
  );
}
