// Files that the page puts into the machine.
#include "agent.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

static int target = -1;
static char *target_path;
static uint32_t target_mode;
static int64_t target_mtime_ms;
static int has_failed;

static void give_away(const char *path) { (void)!lchown(path, JOB_USER, JOB_USER); }

// Makes the folders above a path, for the job.
void make_above(const char *path) {
    char *above = strdup(path);
    for (char *slash = strchr(above + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        if (mkdir(above, 0755) == 0) give_away(above);
        *slash = '/';
    }
    free(above);
}

static void remove_all(const char *path) {
    if (unlink(path) == 0) return;
    DIR *folder = opendir(path);
    struct dirent *entry;
    while (folder && (entry = readdir(folder))) {
        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")) continue;
        char inner[4096 + 256];
        snprintf(inner, sizeof inner, "%s/%s", path, entry->d_name);
        remove_all(inner);
    }
    if (folder) closedir(folder);
    rmdir(path);
}

static void begin(struct view message) {
    target_mode = take_u32(&message);
    target_mtime_ms = take_u64(&message);
    free(target_path);
    target_path = rest_as_text(&message);
    make_above(target_path);
    has_failed = 0;
    // In place, so that those who have it open, and its other names, see the new content.
    target = open(target_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (target < 0) {
        remove_all(target_path);
        target = open(target_path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    }
}

static void end(void) {
    if (target < 0 || has_failed) {
        say('!', target_path, strlen(target_path), NULL, 0);
    }
    if (target < 0) return;
    struct timespec times[2];
    times[0].tv_sec = times[1].tv_sec = target_mtime_ms / 1000;
    times[0].tv_nsec = times[1].tv_nsec = target_mtime_ms % 1000 * 1000000;
    (void)!fchown(target, JOB_USER, JOB_USER);
    fchmod(target, target_mode & 07777);
    futimens(target, times);
    struct stat found;
    if (!fstat(target, &found) && !has_failed) know(target_path, &found);
    close(target);
    target = -1;
}

static void make_folder(struct view message) {
    uint32_t mode = take_u32(&message);
    char *path = rest_as_text(&message);
    make_above(path);
    struct stat found;
    if (lstat(path, &found) == 0 && !S_ISDIR(found.st_mode)) unlink(path);
    if (mkdir(path, 0755) == 0) give_away(path);
    chmod(path, mode & 07777);
    if (!lstat(path, &found)) know(path, &found);
    free(path);
}

static void make_link(struct view message) {
    const char *path = take_text(&message), *to = take_text(&message);
    if (!path || !to) return;
    make_above(path);
    remove_all(path);
    struct stat found;
    if (symlink(to, path)) return;
    give_away(path);
    if (!lstat(path, &found)) know(path, &found);
}

// One message about a file.
void hear_file(char type, struct view message) {
    switch (type) {
    case 'd': make_folder(message); break;
    case 'l': make_link(message); break;
    case 'f': begin(message); break;
    case 'w':
        if (target >= 0 && write_all(target, message.at, message.end - message.at)) has_failed = 1;
        break;
    case 'e': end(); break;
    case 'u': {
        char *path = rest_as_text(&message);
        remove_all(path);
        free(path);
        break;
    }
    }
}
