import { useQuery } from "@tanstack/react-query";
import { Form, Input, Radio, Select, Switch } from "antd";
import { useTranslation } from "react-i18next";
import { useUser } from "@/api/session";
import { localName } from "@/lib/names";
import { type User, users } from "../model/api";
import { allQueues } from "../model/queries";
import { UserPlaceFields } from "../people/UserPlaceFields";
import { rolesQuery } from "../roles/model/queries";
import { PasswordField } from "./PasswordField";
import { RecordDrawer } from "./RecordDrawer";
import { SkillsField } from "./SkillsField";

export type NewUser = Omit<User, "id" | "role_name" | "team_name" | "site_name"> & { password: string };

interface Props {
  user: User | null;
  onClose: () => void;
  /** A user was made: time to hand the password over. */
  onMade: (user: NewUser) => void;
}

const FRESH: Partial<NewUser> = {
  role: "agent",
  is_active: true,
  telephone: "browser",
  language: "zh",
  queues: [],
  skills: {},
};

/** Make a user or change one. Nobody takes the own access away here by accident. */
export function UserDrawer({ user, onClose, onMade }: Props) {
  const { t, i18n } = useTranslation("admin");
  const me = useUser();
  const queues = useQuery(allQueues);
  const roles = useQuery(rolesQuery);
  const isMe = user !== null && user.id === me?.id;
  const save = async (values: NewUser) => {
    if (user) return users.change(user.id, values);
    await users.create(values);
    onMade(values);
  };
  return (
    <RecordDrawer<NewUser>
      key={user?.id ?? "new"}
      title={user ? user.name : t("users.add")}
      initial={user ?? FRESH}
      save={save}
      onClose={onClose}
    >
      <Form.Item
        name="name"
        label={t("users.name")}
        rules={[{ required: true, message: t("form.required") }]}
      >
        <Input maxLength={100} autoFocus={!user} autoComplete="off" />
      </Form.Item>
      <Form.Item
        name="username"
        label={t("users.username")}
        extra={t("users.usernameHint")}
        rules={[
          { required: true, message: t("form.required") },
          { pattern: /^[^\s/@:;<>"]+$/, message: t("users.usernameBad") },
        ]}
      >
        <Input maxLength={64} autoComplete="off" spellCheck={false} />
      </Form.Item>
      {!user && (
        <Form.Item
          name="password"
          label={t("password.first")}
          rules={[{ required: true, min: 8, message: t("password.short") }]}
        >
          <PasswordField />
        </Form.Item>
      )}
      <Form.Item name="role" label={t("users.role")} {...(isMe && { extra: t("users.ownRole") })}>
        <Select
          disabled={isMe}
          options={(roles.data ?? []).map((role) => ({
            value: role.code,
            label: [localName(role, i18n.language), role.note].filter(Boolean).join(" · "),
          }))}
        />
      </Form.Item>
      <UserPlaceFields />
      <Form.Item name="queues" label={t("users.queues")} extra={t("users.queuesHint")}>
        <Select
          mode="multiple"
          optionFilterProp="label"
          loading={queues.isPending}
          options={(queues.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
        />
      </Form.Item>
      <Form.Item name="telephone" label={t("users.telephone")} extra={t("users.telephoneHint")}>
        <Radio.Group
          options={(["browser", "sip"] as const).map((kind) => ({
            value: kind,
            label: t(`users.telephones.${kind}`),
          }))}
        />
      </Form.Item>
      <Form.Item name="skills" label={t("users.skills")} extra={t("users.skillsHint")}>
        <SkillsField levelLabel={t("skills.level")} />
      </Form.Item>
      <Form.Item name="language" label={t("users.language")}>
        <Radio.Group
          options={(["zh", "en"] as const).map((code) => ({ value: code, label: t(`languages.${code}`) }))}
        />
      </Form.Item>
      <Form.Item
        name="is_active"
        label={t("users.active")}
        valuePropName="checked"
        extra={isMe ? t("users.ownActive") : t("users.activeHint")}
      >
        <Switch disabled={isMe} />
      </Form.Item>
    </RecordDrawer>
  );
}
