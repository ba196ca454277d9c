import { Skeleton } from "antd";
import { Page } from "@/ui/Page";

/** Stands for a settings page while its code or its first answer is on the way. */
export function PageSkeleton() {
  return (
    <Page>
      <Skeleton active title={{ width: 160 }} paragraph={{ rows: 6 }} />
    </Page>
  );
}
