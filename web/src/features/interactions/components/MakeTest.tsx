import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { App, Button } from "antd";
import { FlaskConical } from "lucide-react";
import { useTranslation } from "react-i18next";
import { api, bodyOf } from "@/api/client";
import { problemText } from "@/api/problem-text";

/** Makes a test of the flow that the contact went through; it is looked at and kept beside the flow. */
export function MakeTest({ interaction_id }: { interaction_id: string }) {
  const { t } = useTranslation("interactions");
  const { message } = App.useApp();
  const navigate = useNavigate();
  const making = useMutation({
    mutationFn: () =>
      bodyOf(
        api.GET("/api/interactions/{interaction_id}/flow-script", { params: { path: { interaction_id } } }),
      ),
    onSuccess: ({ flow_id }) =>
      navigate({
        to: `/admin/flows/${flow_id}` as never,
        search: { tab: "tests", from: interaction_id } as never,
      }),
    onError: (error) => void message.error(problemText(error)),
  });
  return (
    <Button icon={<FlaskConical size={15} />} loading={making.isPending} onClick={() => making.mutate()}>
      {t("makeTest")}
    </Button>
  );
}
