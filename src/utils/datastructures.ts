/** Containers of Django: keys with several values, keys in any case, lists that cannot be changed. @module */
export { CaseInsensitiveMapping } from "./_case_insensitive_mapping.ts";
export { DictWrapper } from "./_dict_wrapper.ts";
export { ImmutableList, type ImmutableListOptions } from "./_immutable_list.ts";
export type { Pairs } from "./_mapping.ts";
export { MultiValueDict, MultiValueDictKeyError, type Lists } from "./_multi_value_dict.ts";
export { OrderedSet } from "./_ordered_set.ts";
