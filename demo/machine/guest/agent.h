// What runs as the first process of the demo's Linux: starts the command, carries its files and its output.
#ifndef AGENT_H
#define AGENT_H

#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

enum { JOB_USER = 1000, PACKET = 64 * 1024 };

#define WORK "/job"
#define BESIDE "/run/job"
#define PROGRESS BESIDE "/progress.jsonl"
#define PYTHON_SOCKET "/run/python.sock"

// bytes.c: numbers and texts in a message.
struct bytes {
    uint8_t *at;
    size_t size, room;
};
struct view {
    const uint8_t *at, *end;
};
void put(struct bytes *to, const void *from, size_t size);
void put_u32(struct bytes *to, uint32_t value);
void put_u64(struct bytes *to, uint64_t value);
void put_text(struct bytes *to, const char *text);
uint32_t take_u32(struct view *from);
uint64_t take_u64(struct view *from);
const char *take_text(struct view *from);
char *rest_as_text(struct view *from);
int write_all(int to, const void *from, size_t size);
int64_t now_ms(void);

// channel.c: messages to and from the page.
int open_channel(void);
void say(char type, const void *head, size_t head_size, const void *body, size_t body_size);
void say_bytes(char type, const struct bytes *message);
void flush_channel(void);
int flush_due_ms(void);
void hear(int from, void (*each)(char type, struct view message));

// files.c: files that come in.
void hear_file(char type, struct view message);
void make_above(const char *path);

// tree.c: files that go out.
void know(const char *path, const struct stat *found);
void sync_out(void);
void collect(uint32_t id, const char *path);
void list(uint32_t id, struct timespec since);

// run.c: the command.
extern pid_t shell;
void start(struct view message);
int drain(void);
int output_fds(int fds[2]);
int is_output(dev_t device, ino_t inode);
void send_signal(int number);
void kill_all(void);
void note_child_ended(pid_t pid, int status);
void look_after_command(void);
int command_due_ms(void);
void look_at_progress(void);
struct timespec command_began(void);

// usage.c: what the job's processes use.
struct usage {
    uint64_t cpu_ms, memory_bytes, read_bytes, written_bytes;
    uint32_t processes;
};
struct usage usage_now(void);
void say_usage_if_due(void);
int usage_due_ms(void);

// handover.c: commands `python3`, which the page runs.
int open_handover(void);
int handover_fds(int *fds, int room);
void look_at_handover(int fd);
void accept_handover(void);
void hear_python(char type, struct view message);

// python.c: the program behind the names `python` and `python3`.
int python_main(int count, char **arguments);

// setup.c: the machine, before anything runs.
void set_up(void);
void set_clock(struct view message);
void clear_free_memory(void);

#endif
