"""The commands ``zhiyin flows``: flows as files, tested without any company, fetched from one and brought to one."""
