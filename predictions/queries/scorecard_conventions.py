"""How each figure of a scorecard is to be read: printed beside it on the page, in the terminal and in the JSON."""

CONVENTIONS = {
    "n": "predictions resolved and scored",
    "pairs": "scores: one for each forecaster on each prediction scored",
    "forecasts": "single forecasts that the scores rest on, made before the close and before the outcome was known",
    "clusters": "independent events that settled them: what a prediction awaits, else itself",
    "time_coverage": "share of the scheduled open time with a forecast standing",
    "time_coverage_n": "predictions with a scheduled open time, over which time coverage is a mean",
    "annulled": "predictions that score for nobody",
    "unresolved": "predictions not decided yet",
    "not_independent": "of the n predictions, those resolved without two resolvers who judged blind to each other",
    "provisional": "of the n predictions, those whose notice period is not over, or whose decision is disputed",
    "mean_brier": "0–1, lower is better; mean over predictions of the mean over forecasters, while a forecast stood",
    "brier_interval": "95% interval of that mean: by t from 5 independent events on, by resampling events from 50 on; "
    "of every interval, `pairs` counts the scores that it rests on",
    "always_half": "the Brier score of saying 50% each time, on the same predictions",
    "skill_vs_half": "1 − mean Brier score ÷ that of always saying 50%; above 0 is better, 1 is perfect",
    "skill_vs_base_rate": "the same against always saying how often it came true here, which nobody knew beforehand: "
    "that reference has hindsight, so at small n the figure is too low",
    "crowd": "own and the others’ mean Brier score (0–1) at the same instants, while others stood too: "
    "mean over predictions of the mean over forecasters; "
    "difference: the crowd’s less one’s own, above 0 is better than the crowd",
    "peers": "peer Brier points: the others’ mean Brier score less one’s own at each instant, × 100, over the "
    "scheduled open time; −100 to 100, 0 as good as the peers, more is better; on predictions where others stood too. "
    "Shrunken: drawn towards the mean of all forecasters as far as chance explains the difference; the ranking key. "
    "A period means that of the scheduled close, since a period of known outcomes depends on them. The verdict follows "
    "a test that nobody differs (Welch’s, p_value below 0.05)",
    "mean_logarithmic": "nats, lower is better; saying 50% each time costs 0.693",
    "infinite_logarithmic": "scores that cost infinitely many nats; with any, there is no mean",
    "mean_logarithmic_clipped": "nats, lower is better, each probability first moved into 0.001 to 0.999",
    "logarithmic_interval": "95% interval of that mean after the clip, as brier_interval",
    "worst": "the three scores of most nats above the least that their outcome allows (for a share met, its entropy; "
    "for yes and no 0); the nats shown are the whole",
    "calibration": "CORP: miscalibration − discrimination + uncertainty = mean score, of what stood half-way through "
    "the scheduled open time. Miscalibration is above 0 even for the perfectly calibrated: "
    "null_miscalibration_95 is what they exceed one time in twenty (Brier, 0–1). The logarithmic part is after the "
    "clip to 0.001–0.999. Where grid is 100, there were more than 2,000 probabilities: the curve, its band, the "
    "Brier parts and the bins are of probabilities rounded to whole per cent, all else is not. With shares among "
    "the outcomes the band is a confidence band, by resampling events, and there is no null point",
    "over_time": "mean Brier score (0–1) by the quarter or year (UTC) in which the outcome became known",
    "by_moment": "mean Brier score (0–1) of what stood at a moment fixed by the schedule; "
    "each line is of other predictions",
    "sharpness": "mean of p(1 − p), 0 to 0.25, lower is sharper; of the forecasts alone",
    "auc": "chance that what came true had been given more than what did not; 0.5 is guessing, 1 perfect; "
    "none where some outcomes are shares",
    "spiegelhalter_z": "near 0 where the Brier score is as calibration leads one to expect; above 0, worse; "
    "none where some outcomes are shares",
    "peer_logarithmic": "logarithmic peer points after the clip to 0.001–0.999, × 100; "
    "0 as good as the peers, more is better",
    "baseline": "Metaculus-style baseline score after the clip to 0.001–0.999, over the scheduled open time: "
    "−896.6 to 99.86, more is better; 0 is always saying 50%; none where some outcomes are shares",
    "spherical": "spherical score of what stood half-way through the scheduled open time, 0–1, more is better; "
    "saying 50% earns 0.707",
    "daily_brier": "Good Judgment’s mean daily Brier score, 0–2, lower is better",
    "daily_median": "median daily Brier score of all forecasters on the same days, 0–2",
    "daily_accuracy": "Good Judgment’s accuracy score, −2 to 2, lower is better; below 0 is better than the median",
    "if_read_low": "mean Brier score, 0–1, if words are read at the low end of their range",
    "if_read_high": "mean Brier score, 0–1, if words are read at the high end of their range",
    "sensitivity": "mean Brier score, 0–1, lower is better, if words are read on another scale in use: at its points, "
    "and with all of them at the low or all at the high end of their range. What a scale does not list "
    "stays as recorded, and a scale that lists none of them has no line; a word’s point beyond what a live forecast "
    "may be counts at that bound. "
    "Of the IPCC’s nested ranges the exclusive reading; the survey is of 46 readers, a small convenience sample",
    "without_implied": "mean Brier score, 0–1, without the scores that rest on implied forecasts",
    "without_hindsight": "mean Brier score, 0–1, without the scores that rest on forecasts recorded in hindsight",
    "brier": "0–1, lower is better: (probability − outcome)², weighted by the time a forecast stood",
    "logarithmic": "nats, lower is better: −ln of the probability given to what happened; for a share met, the mean",
    "contribution": "what a score adds to the mean: its Brier score ÷ forecasters on the prediction ÷ n",
    "outcome_share": "1 yes, 0 no, or the share of the criteria met",
    "grade": "Admiralty: reliability of the source A–F, credibility of the item 1–6",
    "advanced": "scores in the conventions of other platforms; n: the predictions that each rests on",
    "reasons": "why what is null could not be computed; crowd.difference is the difference in crowd",
    "seed": "of every random draw behind an interval or a band: the same record gives the same card",
    "summary": "over single forecasts made before the outcome was known, and over spans from the first forecast to the "
    "close; Brier 0–1; logarithmic in nats after the clip to 0.001–0.999",
}
