/** Words of the API that the address of a page may hold; the router reads them before any page is there. */
export const kinds = ["person", "company"] as const;
export const lists = ["vip", "block", "do_not_call"] as const;
