"""The options of ``zhiyin flows``; what it does is imported only when it is to be done."""

from __future__ import annotations

import argparse
from pathlib import Path

from zhiyin.config.supervisor.words import CannotStart, in_words


def add_flows_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    flows = commands.add_parser("flows", help=in_words("test, export and import flows", "测试、导出、导入流程"))
    acts = flows.add_subparsers(required=True, metavar="COMMAND")
    test = acts.add_parser(
        "test",
        help=in_words(
            "prove flows and run their tests: of files, or of a company", "检查流程（文件或公司里的）并运行其测试"
        ),
    )
    test.add_argument("files", nargs="*", type=Path, metavar="FILE")
    test.add_argument("--junit", type=Path, metavar="FILE", help=in_words("write a JUnit report", "写出 JUnit 报告"))
    test.set_defaults(do=_test)
    export = acts.add_parser("export", help=in_words("fetch flows as files", "把流程导出为文件"))
    export.add_argument("--to", type=Path, default=Path(), metavar="FOLDER", help=in_words("where to (.)", "目录（.）"))
    export.set_defaults(do=_export)
    bring = acts.add_parser("import", help=in_words("bring files to a company, as drafts", "把文件导入为流程草稿"))
    bring.add_argument("files", nargs="+", type=Path, metavar="FILE")
    bring.set_defaults(do=_import)
    for act in (test, export, bring):
        act.add_argument("--url", required=act is not test, help=in_words("the product's address", "系统地址"))
        act.add_argument(
            "--key-file",
            type=Path,
            metavar="FILE",
            help=in_words(
                "its first line is an API key (else ZHIYIN_API_KEY)", "首行为 API 密钥（否则取 ZHIYIN_API_KEY）"
            ),
        )


def _test(given: argparse.Namespace) -> int:
    if bool(given.files) == bool(given.url):
        raise CannotStart(
            "Give flows' files, or --url for the flows of a company.", "请给出流程文件，或用 --url 测试公司里的流程。"
        )
    if given.url:
        from zhiyin.config.flow_files.exchange import prove_flows  # noqa: PLC0415 - other commands need not wait for it

        return prove_flows(url=given.url, key_file=given.key_file, junit=given.junit)
    from zhiyin.config.flow_files.testing import check_files  # noqa: PLC0415 - other commands need not wait for it

    return check_files(given.files, junit=given.junit)


def _export(given: argparse.Namespace) -> int:
    from zhiyin.config.flow_files.exchange import export_flows  # noqa: PLC0415 - other commands need not wait for it

    return export_flows(url=given.url, key_file=given.key_file, folder=given.to)


def _import(given: argparse.Namespace) -> int:
    from zhiyin.config.flow_files.exchange import import_flows  # noqa: PLC0415 - other commands need not wait for it

    return import_flows(url=given.url, key_file=given.key_file, files=given.files)
