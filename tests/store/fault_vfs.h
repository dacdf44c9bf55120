/* A VFS over SQLite's own that asks sys/fault.h before every open, write, truncation and sync, so
 * that the disk seems full or broken at a chosen moment. */
#ifndef TESTS_STORE_FAULT_VFS_H
#define TESTS_STORE_FAULT_VFS_H

/* Makes it the default of this process, before any store is opened. */
void fault_vfs_install(void);

#endif
