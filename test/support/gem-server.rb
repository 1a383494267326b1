# frozen_string_literal: true

# A gem server for one test file or one demo: geminabox on puma, on loopback, with the one thing that
# geminabox lacks, API keys. Settings come as JSON in the first argument; the port is printed once the
# socket listens. Ends when its standard input does, so it never outlives whoever started it.
require 'json'

SETTINGS = JSON.parse(ARGV.fetch(0), symbolize_names: true)
# geminabox writes its debug notes to the temporary folder of the machine.
ENV['TMPDIR'] = SETTINGS.fetch(:dir)

require 'geminabox'
require 'puma'
require 'puma/server'

# Answers like rubygems.org where geminabox would let anyone in, and notes each request.
class Gatekeeper
  READS = %w[GET HEAD].freeze
  # RubyGems asks for a one-time password only after an answer that begins with these words.
  NO_OTP = 'You have enabled multifactor authentication but no OTP code provided. Please fill it and retry.'
  WRONG_OTP = 'You have enabled multifactor authentication but your OTP code is incorrect. Please check it and retry.'
  NO_KEY = 'Access Denied. The API key is missing, wrong or expired.'

  def initialize(app)
    @app = app
    @log = File.open(SETTINGS.fetch(:log), 'a')
    @log.sync = true
  end

  def call(env)
    refusal = READS.include?(env['REQUEST_METHOD']) ? nil : refusal_for(env)
    pause('request') if env['REQUEST_METHOD'] == 'POST'
    status, headers, body = refusal ? [401, { 'content-type' => 'text/plain' }, [refusal]] : @app.call(env)
    note(env, status)
    pause('reply') if env['REQUEST_METHOD'] == 'POST'
    [status, headers, body]
  end

  private

  def refusal_for(env)
    return NO_KEY unless env['HTTP_AUTHORIZATION'] == SETTINGS.fetch(:apiKey)
    return nil if SETTINGS[:otp].nil? || env['HTTP_OTP'] == SETTINGS[:otp]

    env['HTTP_OTP'] ? WRONG_OTP : NO_OTP
  end

  # Waits at a FIFO while a test holds pushes there.
  def pause(moment)
    fifo = File.join(SETTINGS.fetch(:dir), "#{moment}.hold")
    File.open(fifo, 'r', &:gets) if File.pipe?(fifo)
  end

  def note(env, status)
    at = Time.now.utc.strftime('%Y-%m-%dT%H:%M:%S.%LZ')
    @log.puts(JSON.generate(at: at, method: env['REQUEST_METHOD'], path: env['PATH_INFO'], status: status))
  end
end

Geminabox.data = File.join(SETTINGS.fetch(:dir), 'data')
Geminabox.lockfile = File.join(SETTINGS.fetch(:dir), 'lock')
# Seconds that a second push is told to wait while one holds the lock; the default is a minute.
Geminabox.retry_interval = 1
Dir.mkdir(Geminabox.data) unless Dir.exist?(Geminabox.data)

server = Puma::Server.new(Gatekeeper.new(Geminabox::Server), nil, min_threads: 1, max_threads: 4)
begin
  server.add_tcp_listener('127.0.0.1', SETTINGS.fetch(:port))
rescue Errno::EADDRINUSE
  abort "port #{SETTINGS.fetch(:port)} is taken"
end
$stdout.puts server.connected_ports.first
$stdout.flush
Thread.new { $stdin.read && exit!(0) }
server.run.join
