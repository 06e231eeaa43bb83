// The kept editor says its words through window.gettext, which must stand before it is loaded: this module is imported first.
const CHINESE = {
  "URL": "网址", "Title": "提示文字", "Edit Link": "链接", "Open in new window": "在新窗口打开", "Update": "确定", "Cancel": "取消",
  "Rows": "行数", "Columns": "列数", "Include header row": "首行作表头", "Insert Table": "插入", "Table Properties": "表格",
  "List properties": "列表", "Yes": "是", "No": "否",
}
export const chinese = !document.documentElement.lang.startsWith("en")
if (chinese && !window.gettext) window.gettext = (words) => CHINESE[words] || words

// buttons whose names the editor does not translate
export const BUTTONS = {
  "heading 2": "一级小标题", "heading 3": "二级小标题", "heading 4": "三级小标题", "paragraph": "正文", "unordered list": "项目列表",
  "ordered list": "编号列表", "blockquote": "引用", "bold": "加粗", "italic": "斜体", "underline": "下划线", "subscript": "下标",
  "superscript": "上标", "insert link": "链接", "remove link": "去掉链接", "undo": "撤销", "redo": "重做", "Insert table": "插入表格",
  "Add column": "加一列", "Delete column": "删这一列", "Add row": "加一行", "Delete row": "删这一行", "Merge cells": "合并单元格",
  "Split cell": "拆分单元格", "Toggle header cell": "表头单元格", "Delete table": "删除表格", "horizontal rule": "分隔线",
}
