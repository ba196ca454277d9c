import { Form, Input, Radio, Switch } from "antd";
import { useTranslation } from "react-i18next";
import type { FilePlan, FileSources } from "./api";

/** Where the file goes or comes from, and what it is called. */
export function PlaceFields({ sources, plan }: { sources: FileSources | undefined; plan: FilePlan | null }) {
  const { t } = useTranslation("file-exchange");
  const required = { required: true, message: t("required") };
  const hasFolder = sources?.has_folder ?? true;
  return (
    <>
      <Form.Item name="place" label={t("plan.place")} extra={hasFolder ? undefined : t("plan.noFolder")}>
        <Radio.Group
          optionType="button"
          options={[
            { value: "folder", label: t("places.folder"), disabled: !hasFolder },
            { value: "https", label: t("places.https") },
          ]}
        />
      </Form.Item>
      <Form.Item noStyle dependencies={["place", "auth", "direction"]}>
        {({ getFieldValue }) => {
          const isIn = getFieldValue("direction") === "in";
          if (getFieldValue("place") === "https")
            return <SiteFields auth={getFieldValue("auth")} hasSecret={plan?.has_secret ?? false} />;
          return (
            <>
              <Form.Item name="folder" label={t("plan.folder")} extra={t("plan.folderHint")}>
                <Input
                  prefix={`${sources?.folder ?? ""}/`}
                  maxLength={200}
                  spellCheck={false}
                  autoComplete="off"
                />
              </Form.Item>
              <Form.Item
                name="has_marker"
                label={t("plan.marker")}
                extra={t(isIn ? "plan.markerInHint" : "plan.markerOutHint")}
                valuePropName="checked"
              >
                <Switch />
              </Form.Item>
            </>
          );
        }}
      </Form.Item>
      <Form.Item
        name="file_name"
        label={t("plan.file")}
        rules={[required]}
        extra={t("plan.fileHint", {
          gaps: "{date} {yesterday} {month} {time}",
          interpolation: { escapeValue: false },
        })}
      >
        <Input maxLength={120} spellCheck={false} autoComplete="off" />
      </Form.Item>
    </>
  );
}

function SiteFields({ auth, hasSecret }: { auth: string; hasSecret: boolean }) {
  const { t } = useTranslation("file-exchange");
  const required = { required: true, message: t("required") };
  return (
    <>
      <Form.Item name="url" label={t("plan.url")} rules={[required]} extra={t("plan.urlHint")}>
        <Input maxLength={500} autoComplete="off" spellCheck={false} placeholder="https://" />
      </Form.Item>
      <Form.Item name="auth" label={t("plan.auth")}>
        <Radio.Group
          options={(["none", "basic", "bearer"] as const).map((value) => ({
            value,
            label: t(`auth.${value}`),
          }))}
        />
      </Form.Item>
      {auth === "basic" && (
        <Form.Item name="username" label={t("plan.username")} rules={[required]}>
          <Input maxLength={150} autoComplete="off" spellCheck={false} />
        </Form.Item>
      )}
      {auth !== "none" && (
        <Form.Item
          name="secret"
          label={t(auth === "basic" ? "plan.password" : "plan.token")}
          extra={hasSecret ? t("plan.secretKept") : t("plan.secretHint")}
          rules={hasSecret ? [] : [required]}
        >
          <Input.Password maxLength={200} autoComplete="new-password" />
        </Form.Item>
      )}
    </>
  );
}
