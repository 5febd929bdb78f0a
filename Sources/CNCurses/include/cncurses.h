// ncurses for Swift: the part of <curses.h> that Swift cannot see, the pipe that signals write to,
// and the way a crash gives the terminal back.
#ifndef CNCURSES_H
#define CNCURSES_H

#define NCURSES_WIDECHAR 1
#include <curses.h>

// Global variables are shared mutable state to Swift; these functions are not.
static inline WINDOW *_Nullable nc_stdscr(void) { return stdscr; }
static inline int nc_colors(void) { return COLORS; }
static inline int nc_color_pairs(void) { return COLOR_PAIRS; }

// Macros with casts, which Swift does not import.
static const attr_t nc_bold = A_BOLD;
static const attr_t nc_dim = A_DIM;
static const attr_t nc_italic = A_ITALIC;
static const attr_t nc_underline = A_UNDERLINE;
static const attr_t nc_reverse = A_REVERSE;

// Fills a cell. The pair goes through `opts`: the short argument ends at 32767.
static inline void nc_cell(cchar_t *_Nonnull cell, wchar_t character, attr_t attributes, int pair) {
  wchar_t text[2] = {character, 0};
  setcchar(cell, text, attributes, 0, &pair);
}

// The same with marks over the character, at most four: what ncurses keeps in a cell.
static inline void nc_marked_cell(cchar_t *_Nonnull cell, const wchar_t *_Nonnull text,
                                  attr_t attributes, int pair) {
  if (setcchar(cell, text, attributes, 0, &pair) == ERR) nc_cell(cell, text[0], attributes, pair);
}

// `newterm` on streams of our own, made from a private copy of the terminal's descriptor.
// Returns 0, or -1 when the terminal is unknown.
int nc_open(const char *_Nullable term, int output);
// Whether the terminal can address its cursor, without which nothing can be drawn.
bool nc_can_move(void);
// Deletes the screen that `nc_open` made.
void nc_close(void);
// What ncurses draws between these two is written to the terminal in one piece, with a text before and
// behind it; nothing at all where nothing is drawn.
void nc_begin_frame(void);
void nc_end_frame(int terminal, const char *_Nonnull before, const char *_Nonnull after);
// Whether the locale's characters are UTF-8; sets the locale from the environment first.
bool nc_is_utf8(void);
// The columns ncurses takes a character to have; -1 for what it cannot draw.
int nc_width(wchar_t character);
// A file that is gone when it is closed; -1 when there can be none.
int nc_nameless_file(void);
// Columns and rows of a terminal; false when it does not say.
bool nc_window_size(int descriptor, int *_Nonnull columns, int *_Nonnull rows);

// Writes a question to the terminal and reads what comes for so many milliseconds at most, or until
// an answer of the form ESC [ ? ... c is whole. The terminal's modes are as before afterwards.
// Returns the number of bytes read, -1 when there is no terminal to ask.
int nc_ask(int keyboard, int terminal, const char *_Nonnull question, int milliseconds,
           unsigned char *_Nonnull answer, int room);

// Runs the terminfo compiler: `tic -x -o directory source`, silent. Returns its exit status or -1.
int nc_compile_terminfo(const char *_Nonnull directory, const char *_Nonnull source);

// The pipe: its reading end, and a letter written to it from any thread or a signal handler.
int nc_wake_pipe(void);
void nc_wake(char letter);

// Signals become letters in the pipe: W window size, Z stop, C continue, T terminate or quit,
// I interrupt, H hang-up. Call before `nc_open`, which then leaves them alone.
void nc_catch_signals(void);
void nc_release_signals(void);
// Stops the process as ^Z does and returns when it goes on.
void nc_stop(void);

// Crashes. While armed, a fatal signal first cuts off the screen's descriptor, writes `restore` and
// sets the saved modes, so that the terminal is as before; then it prints the end of the log with
// the last line `message`, and dies of the signal as it would have.
void nc_arm(int screen, int terminal, int log, const char *_Nonnull restore,
            const char *_Nonnull message);
// The descriptor to cut off is another one now: the one that ncurses draws on.
void nc_set_screen(int descriptor);
void nc_disarm(void);
// Gives the calling thread a stack for signal handlers, so that a crash by a full stack is handled
// there too. Call once on a thread; the memory is kept until the program ends.
void nc_guard_stack(void);

#endif
