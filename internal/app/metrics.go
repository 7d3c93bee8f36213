package app

import (
	"context"
	"net"
	"net/http"
	"time"

	"baraji/internal/channel/email"
	"baraji/internal/kit/db"
	"baraji/internal/kit/job"
	"baraji/internal/team"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// public says whether the program listens beyond this machine.
func (c Config) public() bool {
	host, _, err := net.SplitHostPort(c.Addr)
	if err != nil || host == "localhost" {
		return err != nil
	}
	ip := net.ParseIP(host)
	return ip == nil || !ip.IsLoopback()
}

// metrics is the handler of /metrics; nil where it is off: on a public address
// unless it was asked for. It tells sizes and times, never names.
func (a *App) metrics() http.Handler {
	if a.Config.public() && !a.Config.Metrics {
		return nil
	}
	reg := prometheus.NewRegistry()
	reg.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), work{a})
	return promhttp.HandlerFor(reg, promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError, MaxRequestsInFlight: 2, Timeout: 10 * time.Second})
}

// work counts what waits each time it is asked.
type work struct{ app *App }

func desc(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("baraji_"+name, help, labels, nil)
}

// Describe implements prometheus.Collector: what there is shows when it is asked.
func (w work) Describe(chan<- *prometheus.Desc) {}

// Collect implements prometheus.Collector.
func (w work) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(team.AsSystem(context.Background()), 5*time.Second)
	defer cancel()
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	var queues []job.Queue
	var mail map[string]int
	err := w.app.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if queues, err = w.app.Jobs.Queues(ctx, tx); err != nil {
			return err
		}
		mail, err = email.Counts(ctx, tx)
		return err
	})
	if err != nil {
		w.app.log.Error("count for metrics", "error", err)
		return
	}
	for _, q := range queues {
		gauge(desc("jobs_due", "Jobs that should be running, or are.", "kind"), float64(q.Due), q.Name)
		gauge(desc("jobs_waiting", "Jobs that wait for their time.", "kind"), float64(q.Waiting), q.Name)
		gauge(desc("jobs_failed", "Jobs that were given up.", "kind"), float64(q.Failed), q.Name)
		gauge(desc("jobs_oldest_seconds", "How long the oldest due job has been due.", "kind"), q.Oldest.Seconds(), q.Name)
	}
	for state, n := range mail {
		gauge(desc("mail", "Mails that came in, by where they ended.", "state"), float64(n), state)
	}
	gauge(desc("streams", "Open pages that follow changes."), float64(w.app.Hub.Listeners()))
	gauge(desc("jobs_running", "Jobs that run in this process."), float64(w.app.Jobs.Running()))
}
