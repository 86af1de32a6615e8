/* Copyright (c) 2026 winmail.exchange contributors
 * GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Prints one section of an INF file as setupapi reads it: for each line its key and its fields, separated by tabs.
 * Exit codes: 0 printed, 2 wrong arguments, 3 the file is no INF file, 4 it has no such section.
 */
#include <stdio.h>
#include <stdlib.h>
#include <windows.h>
#include <setupapi.h>

static void print_field(INFCONTEXT *line, DWORD index)
{
    DWORD size = 0;
    char *text;

    if (!SetupGetStringFieldA(line, index, NULL, 0, &size)) {
        printf("!%lu", (unsigned long)GetLastError());
        return;
    }
    text = malloc(size ? size : 1);
    if (text != NULL && SetupGetStringFieldA(line, index, text, size, NULL))
        printf("%s", text);
    else
        printf("!%lu", (unsigned long)GetLastError());
    free(text);
}

int main(int argc, char **argv)
{
    INFCONTEXT line;
    UINT bad_line = 0;
    HINF inf;
    BOOL more;

    if (argc != 3)
        return 2;
    inf = SetupOpenInfFileA(argv[1], NULL, INF_STYLE_WIN4, &bad_line);
    if (inf == INVALID_HANDLE_VALUE) {
        fprintf(stderr, "error %lu at line %u\n", (unsigned long)GetLastError(), bad_line);
        return 3;
    }
    if (SetupGetLineCountA(inf, argv[2]) < 0)
        return 4;
    for (more = SetupFindFirstLineA(inf, argv[2], NULL, &line); more; more = SetupFindNextLine(&line, &line)) {
        DWORD index, count = SetupGetFieldCount(&line);
        for (index = 0; index <= count; index++) {
            if (index)
                putchar('\t');
            print_field(&line, index);
        }
        putchar('\n');
    }
    SetupCloseInfFile(inf);
    return 0;
}
