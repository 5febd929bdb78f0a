#define _GNU_SOURCE
#include "cncurses.h"

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>

// MARK: the screen

static SCREEN *screen;
static FILE *stream;

int nc_open(const char *term, int output) {
  stream = fdopen(output, "w");
  if (!stream) return -1;
  // Else COLUMNS and LINES in the environment win over the real size.
  use_tioctl(true);
  screen = newterm(term, stream, stdin);
  if (screen) return 0;
  fclose(stream);
  stream = NULL;
  return -1;
}

bool nc_can_move(void) {
  const char *capability = tigetstr("cup");
  return capability && capability != (char *)-1;
}

void nc_close(void) {
  if (screen) delscreen(screen);
  if (stream) fclose(stream);
  screen = NULL;
  stream = NULL;
}

bool nc_is_utf8(void) {
  setlocale(LC_ALL, "");
  // Numbers are written with a point, whatever the language.
  setlocale(LC_NUMERIC, "C");
  return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

int nc_width(wchar_t character) { return wcwidth(character); }

bool nc_window_size(int descriptor, int *columns, int *rows) {
  struct winsize size;
  if (ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) {
    return false;
  }
  *columns = size.ws_col;
  *rows = size.ws_row;
  return true;
}

static int milliseconds_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int)(now.tv_sec % 1000000 * 1000 + now.tv_nsec / 1000000);
}

int nc_ask(int keyboard, int terminal, const char *question, int milliseconds,
           unsigned char *answer, int room) {
  struct termios before, modes;
  if (tcgetattr(keyboard, &before) != 0) return -1;
  modes = before;
  modes.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
  if (tcsetattr(keyboard, TCSANOW, &modes) != 0) return -1;
  int count = 0, end = milliseconds_now() + milliseconds;
  if (write(terminal, question, strlen(question)) < 0) end = 0;
  while (count < room) {
    int left = end - milliseconds_now();
    struct pollfd source = {.fd = keyboard, .events = POLLIN};
    if (left <= 0 || poll(&source, 1, left) <= 0) break;
    ssize_t length = read(keyboard, answer + count, (size_t)(room - count));
    if (length <= 0) break;
    count += (int)length;
    if (answer[count - 1] == 'c' && memmem(answer, (size_t)count, "\033[?", 3)) break;
  }
  tcsetattr(keyboard, TCSANOW, &before);
  return count;
}

extern char **environ;

int nc_compile_terminfo(const char *directory, const char *source) {
  char *arguments[] = {"tic", "-x", "-o", (char *)directory, (char *)source, NULL};
  posix_spawn_file_actions_t actions;
  if (posix_spawn_file_actions_init(&actions) != 0) return -1;
  for (int descriptor = 0; descriptor < 3; descriptor++) {
    posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0);
  }
  pid_t child;
  int failure = posix_spawnp(&child, "tic", &actions, NULL, arguments, environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failure) return -1;
  int status;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return -1;
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int nc_nameless_file(void) {
  const char *directory = getenv("TMPDIR");
  return open(directory ? directory : "/tmp", O_RDWR | O_TMPFILE | O_APPEND | O_CLOEXEC, 0600);
}

// MARK: frames

static int frame_file = -1;
static bool is_gathering;
static volatile sig_atomic_t is_cut_off;
static int null_end = -1;

// ncurses writes out what it has at each move of the cursor: dozens of writes for a frame, each of
// which wakes the terminal, or is a packet of its own on the way to it.
void nc_begin_frame(void) {
  if (frame_file < 0) frame_file = memfd_create("frame", MFD_CLOEXEC);
  is_gathering = frame_file >= 0 && lseek(frame_file, 0, SEEK_SET) == 0 &&
                 dup3(frame_file, fileno(stream), O_CLOEXEC) >= 0;
}

static void write_all(int descriptor, struct iovec *parts, int count) {
  while (count > 0) {
    ssize_t written = writev(descriptor, parts, count);
    if (written < 0 && errno == EAGAIN) {
      struct pollfd room = {.fd = descriptor, .events = POLLOUT};
      poll(&room, 1, -1);
    } else if (written < 0 && errno != EINTR) {
      return;
    }
    for (size_t rest = written > 0 ? (size_t)written : 0; count > 0;) {
      size_t step = rest < parts->iov_len ? rest : parts->iov_len;
      parts->iov_base = (char *)parts->iov_base + step;
      parts->iov_len -= step;
      rest -= step;
      if (parts->iov_len > 0) break;
      parts++, count--;
    }
  }
}

void nc_end_frame(int terminal, const char *before, const char *after) {
  static char *text;
  static size_t room;
  if (!is_gathering) return;
  is_gathering = false;
  int output = fileno(stream);
  off_t length = lseek(frame_file, 0, SEEK_CUR);
  dup3(terminal, output, O_CLOEXEC);
  // A crash of another thread may have cut the screen off meanwhile.
  if (is_cut_off) dup2(null_end, output);
  if (length <= 0) return;
  if (room < (size_t)length) {
    char *larger = realloc(text, (size_t)length);
    if (!larger) return;
    text = larger;
    room = (size_t)length;
  }
  ssize_t count = pread(frame_file, text, (size_t)length, 0);
  if (count <= 0) return;
  struct iovec parts[] = {{(char *)before, strlen(before)},
                          {text, (size_t)count},
                          {(char *)after, strlen(after)}};
  write_all(output, parts, 3);
}

// MARK: the pipe

static int wake_ends[2] = {-1, -1};

static void open_pipe(void) {
  if (wake_ends[0] < 0 && pipe2(wake_ends, O_NONBLOCK | O_CLOEXEC) != 0) wake_ends[0] = -1;
}

int nc_wake_pipe(void) {
  open_pipe();
  return wake_ends[0];
}

// A full pipe means that nobody has read the letters before: one more says nothing new.
void nc_wake(char letter) {
  int saved = errno;
  if (wake_ends[1] >= 0 && write(wake_ends[1], &letter, 1) < 0) errno = saved;
  errno = saved;
}

// MARK: signals

static const struct {
  int number;
  char letter;
} caught[] = {{SIGWINCH, 'W'}, {SIGTSTP, 'Z'}, {SIGCONT, 'C'}, {SIGTERM, 'T'},
              {SIGQUIT, 'T'},  {SIGINT, 'I'},  {SIGHUP, 'H'}};
enum { caught_count = sizeof caught / sizeof caught[0] };

static void on_signal(int number) {
  for (int i = 0; i < caught_count; i++) {
    if (caught[i].number == number) nc_wake(caught[i].letter);
  }
}

static void handle(int number, void (*handler)(int)) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  sigaction(number, &action, NULL);
}

void nc_catch_signals(void) {
  open_pipe();
  for (int i = 0; i < caught_count; i++) handle(caught[i].number, on_signal);
  // A closed terminal is told by errors of `read`, not by death on `write`.
  handle(SIGPIPE, SIG_IGN);
}

void nc_release_signals(void) {
  for (int i = 0; i < caught_count; i++) handle(caught[i].number, SIG_DFL);
  handle(SIGPIPE, SIG_DFL);
}

void nc_stop(void) {
  handle(SIGTSTP, SIG_DFL);
  raise(SIGTSTP);
  handle(SIGTSTP, on_signal);
}

// MARK: crashes

static const int fatal[] = {SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGABRT, SIGFPE};
enum { fatal_count = sizeof fatal / sizeof fatal[0] };

static volatile sig_atomic_t is_armed, is_chaining;
static int screen_end = -1, terminal_end = -1, log_end = -1;
static off_t log_start;
static char restore_text[256], last_words[512];
static struct termios saved_modes;
static struct sigaction before[fatal_count];

// Only functions that POSIX allows in a signal handler from here on.
static void put_text(int descriptor, const char *text, size_t length) {
  while (length > 0) {
    ssize_t written = write(descriptor, text, length);
    if (written <= 0) return;
    text += written;
    length -= (size_t)written;
  }
}

static void give_back(void) {
  // Other threads go on drawing for the milliseconds a crash takes: cut them off first.
  is_cut_off = 1;
  dup2(null_end, screen_end);
  put_text(terminal_end, restore_text, strlen(restore_text));
  tcsetattr(terminal_end, TCSANOW, &saved_modes);
}

// The end of the log: what the runtime said about the crash.
static void tell(void) {
  char text[2048];
  off_t end = lseek(log_end, 0, SEEK_END);
  off_t start = end - (off_t)sizeof text > log_start ? end - (off_t)sizeof text : log_start;
  ssize_t length = end > start ? pread(log_end, text, (size_t)(end - start), start) : 0;
  if (length > 0) put_text(terminal_end, text, (size_t)length);
  put_text(terminal_end, last_words, strlen(last_words));
}

static void on_crash(int number, siginfo_t *info, void *context) {
  (void)context;
  if (is_armed) {
    is_armed = 0;
    give_back();
    tell();
  }
  signal(number, SIG_DFL);
  for (int i = 0; i < fatal_count && is_chaining; i++) {
    if (fatal[i] != number) continue;
    dup2(terminal_end, STDERR_FILENO);
    sigaction(number, &before[i], NULL);
  }
  // A fault comes again by itself on return; what was sent must be sent again.
  if (info->si_code <= 0) raise(number);
}

void nc_guard_stack(void) {
  static _Thread_local bool is_guarded;
  if (is_guarded) return;
  stack_t stack = {.ss_size = 64 * 1024};
  stack.ss_sp = malloc(stack.ss_size);
  is_guarded = stack.ss_sp && sigaltstack(&stack, NULL) == 0;
}

void nc_arm(int screen, int terminal, int log, const char *restore, const char *message) {
  screen_end = screen;
  terminal_end = terminal;
  log_end = log;
  log_start = log >= 0 ? lseek(log, 0, SEEK_END) : 0;
  snprintf(restore_text, sizeof restore_text, "%s", restore);
  snprintf(last_words, sizeof last_words, "%s", message);
  tcgetattr(terminal, &saved_modes);
  if (null_end < 0) null_end = open("/dev/null", O_WRONLY | O_CLOEXEC);
  nc_guard_stack();
  // The runtime's own handler asks questions at the terminal; only who wants that gets it.
  is_chaining = getenv("BACKSTEP_BACKTRACE") != NULL;
  is_armed = 1;
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_sigaction = on_crash;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  sigemptyset(&action.sa_mask);
  for (int i = 0; i < fatal_count; i++) sigaction(fatal[i], &action, &before[i]);
}

void nc_set_screen(int descriptor) { screen_end = descriptor; }

void nc_disarm(void) {
  if (!is_armed) return;
  is_armed = 0;
  for (int i = 0; i < fatal_count; i++) sigaction(fatal[i], &before[i], NULL);
}
