/* start: what a Cortex-M3 does at reset, and how it speaks to the debugger, which is the emulator (semihosting). */
  .syntax unified
  .cpu cortex-m3
  .thumb

  .section .vectors, "a"
  .word stack_top
  .word reset
  .rept 14
  .word fault
  .endr

  .text
  .global reset
  .thumb_func
reset:
  ldr r0, =0xe000ed14         /* CCR */
  ldr r1, [r0]
  orr r1, r1, #0x18           /* UNALIGN_TRP, DIV_0_TRP: no access off its alignment, no division by 0 */
  str r1, [r0]
  bl main
  ldr r1, =0x20026            /* the program has ended */
  cbz r0, exit
  ldr r1, =0x20023            /* with an error */
exit:
  movs r0, #0x18
  bkpt 0xab
  b exit

  .thumb_func
fault:
  ldr r0, =message
  bl say
  ldr r1, =0x20023
  b exit

  .global say
  .thumb_func
say:
  mov r1, r0
  movs r0, #4
  bkpt 0xab
  bx lr

  .section .rodata
message:
  .asciz "a fault or an unexpected interrupt\n"
