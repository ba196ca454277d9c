"""What a new company begins with, so that its first agent has reasons and dispositions to choose from. Data alone."""

from __future__ import annotations

#: code, Chinese, English, whether it is a rest (小休), its planned minutes
REASONS = (
    ("rest", "小休", "Short break", True, 15),
    ("meal", "就餐", "Meal", True, 45),
    ("meeting", "会议", "Meeting", False, 0),
    ("training", "培训", "Training", False, 0),
    ("paperwork", "案头工作", "Paperwork", False, 0),
    ("consulting", "请示班长", "Asking the team lead", False, 0),
)

#: Chinese, English, what stands below it
DISPOSITIONS = (
    ("咨询", "Enquiry", (("产品咨询", "Product"), ("价格咨询", "Price"), ("订单查询", "Order status"))),
    (
        "售后",
        "After-sales",
        (("故障报修", "Fault report"), ("退换货", "Return or exchange"), ("使用指导", "How to use")),
    ),
    ("投诉", "Complaint", (("服务投诉", "Service"), ("质量投诉", "Quality"), ("物流投诉", "Delivery"))),
    ("销售", "Sales", (("意向客户", "Interested"), ("已下单", "Ordered"), ("暂无需求", "Not interested"))),
    ("其他", "Other", (("打错电话", "Wrong number"), ("无声电话", "Silent call"))),
)

#: Monday to Friday, nine to six
OFFICE_HOURS = [[["09:00", "18:00"]]] * 5 + [[], []]
ALWAYS = [[["00:00", "24:00"]]] * 7
