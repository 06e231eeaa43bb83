<?php // Makes the portal: its tables, its people with a password each for programs, its columns. Prints them as JSON.
define('WP_INSTALLING', true);
$_SERVER['HTTP_HOST'] = parse_url(getenv('WORDPRESS_URL'), PHP_URL_HOST);
require getenv('WORDPRESS_SITE') . '/wp-load.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';

wp_install('云州市人民政府', 'admin', 'admin@example.gov.cn', true, '', 'not-for-programs');
update_option('permalink_structure', '/%year%/%monthnum%/%postname%/');
update_option('timezone_string', 'Asia/Shanghai');
update_option('upload_path', getenv('FOLDER') . '/files');
update_option('upload_url_path', getenv('WORDPRESS_URL') . '/files');
flush_rewrite_rules();

$passwords = [];
foreach (['publisher' => 'editor', 'contributor' => 'contributor'] as $name => $role) {
    $user = wp_insert_user(['user_login' => $name, 'user_pass' => 'not-for-programs', 'user_email' => "$name@example.gov.cn", 'role' => $role]);
    $passwords[$name] = WP_Application_Passwords::create_new_application_password($user, ['name' => 'gongkai'])[0];
}
$category = wp_insert_term('街道信息', 'category', ['slug' => 'jiedao'])['term_id'];
echo json_encode(['passwords' => $passwords, 'category' => $category]), "\n";
