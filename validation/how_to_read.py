"""Prose of the validation page: what each kind of number means, and where the proof ends."""

HOW_TO_READ = """\
## What these numbers mean

* **RMSE** is the root mean square of measured minus true, in the unit of the angle: about two
  thirds of all samples are nearer to the truth than that. A *constant offset* is removed where
  it says so, because the standing pose decides it and no sensor knows it.
* **Bias** is the mean of measured minus true; **spread** and **SD** say how single people or
  single steps lie about it. A bias is the same for everybody and could be taken away; a spread
  between people cannot.
* **F1** is one figure for contacts that were missed and contacts that were invented: 1 is
  neither, 0.95 is about one in twenty of both.
* **Intervals** in brackets are exact 95 % intervals of a share (Clopper and Pearson): 0 (0–3) %
  means that nobody was met, and that a true share of up to 3 % would not be a surprise. The
  fewer people, the wider.
* **Present** is what a detector says of a measure beyond its threshold by more than its error;
  **not seen** is the opposite answer, **cannot be judged** is none, and a **hint** is a sign
  from which no angle follows.
* **False alarm**: present, while the person's true number is within the threshold. **Rightly
  found**: present, and truly beyond it. Both are judged by what the virtual person did, not by
  what was meant to be injected.
* **True size** of a deviation: how far a person's true number lies from what is usual, counted
  in distances from usual to threshold. Size 1 is at the threshold, where a rule that respects
  its own error says nothing yet; 2 is twice as far from usual.
* **Smallest change seen** is what a measure has to change by, from one day to another, before
  the change is more than wearing the sensors anew.
* **Refused** and **left out** are no errors, but they help nobody; they are counted wherever
  they can happen."""

WHERE_THE_PROOF_ENDS = """\
## Where the proof ends

Most of this page is measured on a *twin*: a virtual person of `firmware_bridge/virtual_wearer`,
who shares no line of code with the analysis. What the twin's joints did is known exactly, so
an error here is an error of the analysis (or of the axes it found), not of a reference.
The twin was built because no public recording holds pelvis and thigh sensors, a known
deviation and an optical reference.

* **A twin is not a patient.** Its movement is made of mean curves, of stated spreads between
  people and of deviations that we shaped. A real deviation brings others with it that nobody
  wrote down. Shares of people found are shares of *virtual* people.
* **The twin's timing is a model, too.** When a pelvis is braked after a landing, when a thigh
  sets off before its foot leaves the ground and how a leg that always is late ends its swing
  decide where contacts are found. Where the twin does this unlike people, most of all with uneven
  steps, an error of contact or of asymmetry below is partly the twin's; the tables on real walks
  are the check.
* **Soft tissue is a model**: a turn of the skin with the joint, and ringing after impacts. Real
  skin under a real strap moves in more ways, and most where there is more of it.
* **What nobody asked is not answered.** Stairs, slopes, shoes, aids, children, running, pain:
  none of them is in the population.
* **Every present is a statement about a movement** in one walk, against a threshold, with an
  error. It is no diagnosis, and no table here says that a person with a finding is ill or
  one without is well.
* **The real recordings are few**: two people with thigh sensors, three with a lower-back sensor,
  two replayed by joint angles. They show that nothing is grossly wrong on real signals; they
  cannot give a rate.
* **Physics sets limits** that no number of people moves: without a shank sensor a knee is not
  measured and is only ever a hint; without a magnetometer a constant turn of a thigh inward
  or outward has no zero; what is there while calibrating is calibrated away.

What is met or missed is computed from the measured values when this page is made; nothing in
the tables is typed by hand. Targets come from the project's plan and are not softened here."""
