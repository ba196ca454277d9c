/**
 * Ant Design's one-line field alone. `Input` of its index carries the text area, search, password and one-time-code
 * fields with it; the desk needs none of them, and its weight is limited.
 */
export { default as TextInput, type InputRef } from "antd/es/input/Input";
